<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers: the tree of customers with filter, columns, density, folding and paging. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'customers']" mode="heading">Customers</xsl:template>

<xsl:template match="t:page[@kind = 'customers']" mode="content">
	<xsl:for-each select="t:customers">
		<div class="head">
			<h1>Customers</h1>
			<span class="count" id="count"><xsl:if test="@more">more than </xsl:if><xsl:value-of select="format-number(@matched, '#,##0')"/> of <xsl:value-of select="format-number(@total, '#,##0')"/> customers</span>
			<xsl:for-each select="t:link[@rel = 'add']">
				<a class="button primary i plus act"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Add customer</a>
			</xsl:for-each>
			<xsl:for-each select="t:link[@rel = 'deleted']">
				<a class="button quiet"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Deleted customers</a>
			</xsl:for-each>
		</div>
		<div class="card" data-density="{t:view/@density}" data-swap="">
			<div class="tools">
				<button type="button" id="filter-button" class="i filter" popovertarget="filter">Filter</button>
				<xsl:call-template name="customers-filter-form"/>
				<xsl:call-template name="chips"/>
				<xsl:call-template name="view-tools"/>
			</div>
			<xsl:choose>
				<xsl:when test="t:tenant"><xsl:call-template name="customers-table"/></xsl:when>
				<xsl:otherwise>
					<div class="empty">
						<h2>Nothing matches this filter</h2>
						<p>No customer here has everything that you asked for.</p>
						<xsl:for-each select="t:link[@rel = 'clear']">
							<a class="button"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Show all customers</a>
						</xsl:for-each>
					</div>
				</xsl:otherwise>
			</xsl:choose>
			<xsl:call-template name="view-foot"/>
		</div>
		<xsl:if test="t:tenant/@switch"><xsl:call-template name="switch-form"/></xsl:if>
	</xsl:for-each>
</xsl:template>

<xsl:template name="customers-filter-form">
	<form id="filter" popover="auto" class="pop" method="get" action="{$base}customers" aria-label="Filter">
		<xsl:for-each select="t:keep"><input type="hidden" name="{@name}" value="{@value}"/></xsl:for-each>
		<label class="field"><span>Customer</span><input type="text" name="q" value="{t:filter/@q}" maxlength="100" autocomplete="off" spellcheck="false" enterkeyhint="search" autofocus="autofocus"/></label>
		<p class="hint">Part of a name, a domain or an ID</p>
		<div class="groups">
			<fieldset>
				<legend>Source data</legend>
				<xsl:call-template name="box"><xsl:with-param name="name">source</xsl:with-param><xsl:with-param name="value">success</xsl:with-param><xsl:with-param name="label">Success</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:source[@value = 'success']"/></xsl:call-template>
				<xsl:call-template name="box"><xsl:with-param name="name">source</xsl:with-param><xsl:with-param name="value">warning</xsl:with-param><xsl:with-param name="label">Warning</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:source[@value = 'warning']"/></xsl:call-template>
				<xsl:call-template name="box"><xsl:with-param name="name">source</xsl:with-param><xsl:with-param name="value">failed</xsl:with-param><xsl:with-param name="label">Failed</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:source[@value = 'failed']"/></xsl:call-template>
				<xsl:call-template name="box"><xsl:with-param name="name">source</xsl:with-param><xsl:with-param name="value">not_available</xsl:with-param><xsl:with-param name="label">Not available</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:source[@value = 'not_available']"/></xsl:call-template>
			</fieldset>
			<fieldset>
				<legend>Tier</legend>
				<xsl:call-template name="box"><xsl:with-param name="name">tier</xsl:with-param><xsl:with-param name="value">distributor</xsl:with-param><xsl:with-param name="label">Distributor</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:tier[@value = 'distributor']"/></xsl:call-template>
				<xsl:call-template name="box"><xsl:with-param name="name">tier</xsl:with-param><xsl:with-param name="value">reseller</xsl:with-param><xsl:with-param name="label">Reseller</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:tier[@value = 'reseller']"/></xsl:call-template>
				<xsl:call-template name="box"><xsl:with-param name="name">tier</xsl:with-param><xsl:with-param name="value">customer</xsl:with-param><xsl:with-param name="label">Customer</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:tier[@value = 'customer']"/></xsl:call-template>
			</fieldset>
			<fieldset>
				<legend>Status</legend>
				<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">onboarding</xsl:with-param><xsl:with-param name="label">Onboarding</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'onboarding']"/></xsl:call-template>
				<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">complete</xsl:with-param><xsl:with-param name="label">Complete</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'complete']"/></xsl:call-template>
			</fieldset>
			<label class="field">
				<span>Suspended</span>
				<select name="suspended">
					<option value="">Any</option>
					<option value="yes"><xsl:if test="t:filter/@suspended = 'yes'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>Suspended</option>
					<option value="no"><xsl:if test="t:filter/@suspended = 'no'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>Not suspended</option>
				</select>
			</label>
		</div>
		<xsl:call-template name="box"><xsl:with-param name="name">below</xsl:with-param><xsl:with-param name="value">1</xsl:with-param><xsl:with-param name="label">With everything below</xsl:with-param><xsl:with-param name="chosen" select="t:filter/@below"/></xsl:call-template>
		<p class="foot">
			<button class="primary">Apply</button>
			<xsl:for-each select="t:link[@rel = 'clear']"><a class="button quiet"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Clear</a></xsl:for-each>
		</p>
	</form>
</xsl:template>

<xsl:template name="customers-table">
	<xsl:variable name="shown" select="t:columns/t:column[@shown]"/>
	<div class="scroll rows w{count($shown)}">
		<table aria-label="Customers">
			<thead>
				<tr>
					<xsl:for-each select="$shown"><th scope="col" class="c-{@name}"><xsl:value-of select="@title"/></th></xsl:for-each>
					<th scope="col" class="c-end"><span class="vh">Settings</span></th>
					<th scope="col" class="c-end"><span class="vh">Switch tenant</span></th>
				</tr>
			</thead>
			<tbody><xsl:call-template name="rows"><xsl:with-param name="shown" select="$shown"/></xsl:call-template></tbody>
		</table>
	</div>
</xsl:template>

<xsl:template name="rows">
	<xsl:param name="shown"/>
	<xsl:variable name="status" select="$shown[@name = 'status']/@title"/>
	<xsl:variable name="admin" select="$shown[@name = 'admin']/@title"/>
	<xsl:variable name="source" select="$shown[@name = 'source']/@title"/>
	<xsl:variable name="contracts" select="$shown[@name = 'contracts']/@title"/>
	<xsl:variable name="domain" select="$shown[@name = 'domain']/@title"/>
	<xsl:variable name="tier" select="$shown[@name = 'tier']/@title"/>
	<xsl:variable name="id" select="$shown[@name = 'id']/@title"/>
	<xsl:variable name="created" select="$shown[@name = 'created']/@title"/>
	<xsl:for-each select="t:tenant">
		<tr>
			<xsl:attribute name="class">l<xsl:value-of select="@level"/><xsl:if test="@matched = 'no'"> context</xsl:if><xsl:if test="@repeated"> again</xsl:if></xsl:attribute>
			<th scope="row"><span class="tree"><xsl:call-template name="name-cell"/></span></th>
			<xsl:if test="$status"><td data-label="{$status}"><xsl:call-template name="status-cell"/></td></xsl:if>
			<xsl:if test="$admin"><td data-label="{$admin}"><xsl:call-template name="admin-cell"/></td></xsl:if>
			<xsl:if test="$source"><td data-label="{$source}"><xsl:call-template name="source-cell"/></td></xsl:if>
			<xsl:if test="$contracts"><td data-label="{$contracts}"><xsl:call-template name="contracts-cell"/></td></xsl:if>
			<xsl:if test="$domain"><td data-label="{$domain}"><xsl:value-of select="@domain"/></td></xsl:if>
			<xsl:if test="$tier"><td data-label="{$tier}"><xsl:call-template name="tier-word"/></td></xsl:if>
			<xsl:if test="$id"><td data-label="{$id}" class="mono"><xsl:value-of select="@id"/></td></xsl:if>
			<xsl:if test="$created"><td data-label="{$created}"><xsl:value-of select="substring(@created, 1, 10)"/></td></xsl:if>
			<td class="set"><a class="icon gear" href="{$base}customers/{@id}" aria-label="Settings"></a></td>
			<td class="sw"><xsl:if test="@switch"><button class="icon swap" form="switch" name="tenant" value="{@id}" aria-label="Switch to {@name}"></button></xsl:if></td>
		</tr>
	</xsl:for-each>
</xsl:template>

<!-- Fold, name, tier and marks of a row. -->
<xsl:template name="name-cell">
	<xsl:choose>
		<xsl:when test="@fold = 'open'">
			<a class="fold open" id="f{@id}" aria-label="Hide customers of {@name}"><xsl:call-template name="href"><xsl:with-param name="to" select="@fold-href"/></xsl:call-template></a>
		</xsl:when>
		<xsl:when test="@fold">
			<a class="fold" id="f{@id}" aria-label="Show customers of {@name}"><xsl:call-template name="href"><xsl:with-param name="to" select="@fold-href"/></xsl:call-template></a>
		</xsl:when>
	</xsl:choose>
	<bdi class="name"><xsl:value-of select="@name"/></bdi>
	<xsl:if test="@tier != 'customer'"><xsl:text> </xsl:text><span class="tier"><xsl:call-template name="tier-word"/></span></xsl:if>
	<xsl:if test="@suspended"><xsl:text> </xsl:text><span class="tag bad">Suspended</span></xsl:if>
	<xsl:if test="@repeated"><xsl:text> </xsl:text><span class="tier">continued</span></xsl:if>
	<xsl:if test="@matches"><xsl:text> </xsl:text><span class="tag"><xsl:value-of select="format-number(@matches, '#,##0')"/> match</span></xsl:if>
</xsl:template>
</xsl:stylesheet>
