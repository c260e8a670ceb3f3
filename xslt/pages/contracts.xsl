<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /contracts: all contracts of the scope. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contracts']" mode="heading">Contracts</xsl:template>

<xsl:template match="t:page[@kind = 'contracts']" mode="content">
	<xsl:for-each select="t:contracts">
		<div class="head">
			<h1>Contracts</h1>
			<span class="count" id="count"><xsl:if test="@more">more than </xsl:if><xsl:value-of select="format-number(@matched, '#,##0')"/> of <xsl:value-of select="format-number(@total, '#,##0')"/> contracts</span>
		</div>
		<div class="card" data-density="{t:view/@density}" data-swap="">
			<div class="tools">
				<button type="button" id="filter-button" class="i filter" popovertarget="filter">Filter</button>
				<xsl:call-template name="contracts-filter-form"/>
				<xsl:call-template name="chips"/>
				<xsl:call-template name="view-tools"/>
			</div>
			<xsl:choose>
				<xsl:when test="t:contract"><xsl:call-template name="contracts-table"/></xsl:when>
				<xsl:otherwise>
					<div class="empty">
						<h2>No contracts here</h2>
						<xsl:choose>
							<xsl:when test="t:filter/@active"><p>No contract has everything that you asked for.</p></xsl:when>
							<xsl:otherwise><p>Nobody in your view has a contract yet.</p></xsl:otherwise>
						</xsl:choose>
						<xsl:for-each select="t:link[@rel = 'clear']">
							<a class="button"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Show all contracts</a>
						</xsl:for-each>
					</div>
				</xsl:otherwise>
			</xsl:choose>
			<xsl:call-template name="view-foot"/>
		</div>
	</xsl:for-each>
</xsl:template>

<xsl:template name="contracts-filter-form">
	<form id="filter" popover="auto" class="pop" method="get" action="{$base}contracts" aria-label="Filter">
		<xsl:for-each select="t:keep"><input type="hidden" name="{@name}" value="{@value}"/></xsl:for-each>
		<label class="field"><span>Contract</span><input type="text" name="q" value="{t:filter/@q}" maxlength="100" autocomplete="off" spellcheck="false" enterkeyhint="search" autofocus="autofocus"/></label>
		<p class="hint">Part of the name or ID of a contract or a customer</p>
		<div class="groups">
		<fieldset class="pairs">
			<legend>Status</legend>
			<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">draft</xsl:with-param><xsl:with-param name="label">Draft</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'draft']"/></xsl:call-template>
			<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">scheduled</xsl:with-param><xsl:with-param name="label">Scheduled</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'scheduled']"/></xsl:call-template>
			<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">active</xsl:with-param><xsl:with-param name="label">Active</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'active']"/></xsl:call-template>
			<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">expired</xsl:with-param><xsl:with-param name="label">Expired</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'expired']"/></xsl:call-template>
			<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">cancelled</xsl:with-param><xsl:with-param name="label">Cancelled</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'cancelled']"/></xsl:call-template>
			<xsl:call-template name="box"><xsl:with-param name="name">status</xsl:with-param><xsl:with-param name="value">superseded</xsl:with-param><xsl:with-param name="label">Superseded</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:status[@value = 'superseded']"/></xsl:call-template>
		</fieldset>
		<fieldset>
			<legend>Tier</legend>
			<xsl:call-template name="box"><xsl:with-param name="name">tier</xsl:with-param><xsl:with-param name="value">distributor</xsl:with-param><xsl:with-param name="label">Distributor</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:tier[@value = 'distributor']"/></xsl:call-template>
			<xsl:call-template name="box"><xsl:with-param name="name">tier</xsl:with-param><xsl:with-param name="value">reseller</xsl:with-param><xsl:with-param name="label">Reseller</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:tier[@value = 'reseller']"/></xsl:call-template>
			<xsl:call-template name="box"><xsl:with-param name="name">tier</xsl:with-param><xsl:with-param name="value">customer</xsl:with-param><xsl:with-param name="label">Customer</xsl:with-param><xsl:with-param name="chosen" select="t:filter/t:tier[@value = 'customer']"/></xsl:call-template>
		</fieldset>
		<label class="field">
			<span>Ends</span>
			<select name="ends">
				<option value="">Any time</option>
				<option value="30"><xsl:if test="t:filter/@ends = 30"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>Within 30 days</option>
				<option value="60"><xsl:if test="t:filter/@ends = 60"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>Within 60 days</option>
				<option value="90"><xsl:if test="t:filter/@ends = 90"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>Within 90 days</option>
			</select>
		</label>
		</div>
		<xsl:call-template name="box"><xsl:with-param name="name">unbilled</xsl:with-param><xsl:with-param name="value">1</xsl:with-param><xsl:with-param name="label">Customers with data but no contract in force</xsl:with-param><xsl:with-param name="chosen" select="t:filter/@unbilled"/></xsl:call-template>
		<p class="foot">
			<button class="primary">Apply</button>
			<xsl:for-each select="t:link[@rel = 'clear']"><a class="button quiet"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Clear</a></xsl:for-each>
		</p>
	</form>
</xsl:template>

<xsl:template name="contracts-table">
	<xsl:variable name="shown" select="t:columns/t:column[@shown]"/>
	<xsl:variable name="customer" select="$shown[@name = 'customer']/@title"/>
	<xsl:variable name="tier" select="$shown[@name = 'tier']/@title"/>
	<xsl:variable name="version" select="$shown[@name = 'version']/@title"/>
	<xsl:variable name="status" select="$shown[@name = 'status']/@title"/>
	<xsl:variable name="start" select="$shown[@name = 'start']/@title"/>
	<xsl:variable name="end" select="$shown[@name = 'end']/@title"/>
	<xsl:variable name="renewal" select="$shown[@name = 'renewal']/@title"/>
	<xsl:variable name="entitlement" select="$shown[@name = 'entitlement']/@title"/>
	<xsl:variable name="cancel" select="t:contract/@may-cancel"/>
	<div class="scroll rows w{count($shown)}">
		<table aria-label="Contracts" class="contracts">
			<thead><tr><xsl:for-each select="$shown"><th scope="col" class="k-{@name}"><xsl:value-of select="@title"/></th></xsl:for-each><xsl:if test="$cancel"><th scope="col" class="c-end"><span class="vh">Cancel</span></th></xsl:if></tr></thead>
			<tbody>
				<xsl:for-each select="t:contract">
					<tr>
						<th scope="row"><xsl:choose>
							<xsl:when test="@none"><span class="dash">No contract</span></xsl:when>
							<xsl:otherwise><a class="strong" href="{$base}contracts/{@id}"><bdi><xsl:value-of select="@name"/></bdi></a></xsl:otherwise>
						</xsl:choose></th>
						<xsl:if test="$customer"><td data-label="{$customer}"><a href="{$base}customers/{@tenant}"><bdi><xsl:value-of select="@tenant-name"/></bdi></a></td></xsl:if>
						<xsl:if test="$tier"><td data-label="{$tier}"><xsl:call-template name="tier-word"/></td></xsl:if>
						<xsl:if test="$version"><td data-label="{$version}"><xsl:choose><xsl:when test="@none"><xsl:call-template name="dash"/></xsl:when><xsl:otherwise><xsl:value-of select="@version"/></xsl:otherwise></xsl:choose></td></xsl:if>
						<xsl:if test="$status"><td data-label="{$status}"><xsl:choose><xsl:when test="@none"><xsl:call-template name="dash"/></xsl:when><xsl:otherwise><xsl:call-template name="contract-status"/></xsl:otherwise></xsl:choose></td></xsl:if>
						<xsl:if test="$start"><td data-label="{$start}"><xsl:call-template name="day"><xsl:with-param name="at" select="@start"/></xsl:call-template></td></xsl:if>
						<xsl:if test="$end"><td data-label="{$end}"><xsl:call-template name="day"><xsl:with-param name="at" select="@end"/></xsl:call-template></td></xsl:if>
						<xsl:if test="$renewal"><td data-label="{$renewal}"><xsl:choose><xsl:when test="@none"><xsl:call-template name="dash"/></xsl:when><xsl:otherwise><xsl:call-template name="renewal-word"/></xsl:otherwise></xsl:choose></td></xsl:if>
						<xsl:if test="$entitlement"><td data-label="{$entitlement}"><xsl:choose><xsl:when test="@none"><xsl:call-template name="dash"/></xsl:when><xsl:otherwise><xsl:call-template name="entitlement-word"/></xsl:otherwise></xsl:choose></td></xsl:if>
						<xsl:if test="$cancel"><td class="set"><xsl:if test="@may-cancel"><a class="ask" href="{$base}contracts/{@id}/cancel">Cancel<span class="vh"><xsl:text> </xsl:text><xsl:value-of select="@name"/></span></a></xsl:if></td></xsl:if>
					</tr>
				</xsl:for-each>
			</tbody>
		</table>
	</div>
</xsl:template>
</xsl:stylesheet>
