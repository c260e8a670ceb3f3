<?xml version="1.0" encoding="UTF-8"?>
<!-- The tools of a list: chips, Columns, Density, Export. The context is the list (customers, contracts). Columns and
     density are set for the user by POST; the address of the page can carry them too. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template name="chips">
	<xsl:for-each select="t:chip">
		<a class="chip"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template><span class="vh">Remove filter: </span><bdi><xsl:value-of select="@label"/></bdi></a>
	</xsl:for-each>
</xsl:template>

<xsl:template name="view-tools">
	<span class="end">
		<xsl:choose>
			<xsl:when test="t:view/@folded">
				<xsl:for-each select="t:link[@rel = 'unfold-all']"><a class="button quiet" id="fold-all"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Unfold all</a></xsl:for-each>
			</xsl:when>
			<xsl:otherwise>
				<xsl:for-each select="t:link[@rel = 'fold-all']"><a class="button quiet" id="fold-all"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Fold all</a></xsl:for-each>
			</xsl:otherwise>
		</xsl:choose>
		<xsl:if test="t:columns/t:column[not(@fixed)]"><button type="button" id="columns-button" class="i columns" popovertarget="columns">Columns</button></xsl:if>
		<xsl:if test="t:view"><button type="button" id="density-button" class="i density" popovertarget="density">Density</button></xsl:if>
		<xsl:for-each select="t:link[@rel = 'export']">
			<a class="button i export"><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Export</a>
		</xsl:for-each>
	</span>
	<xsl:for-each select="t:columns[t:column[not(@fixed)]]"><xsl:call-template name="columns-form"/></xsl:for-each>
	<xsl:for-each select="t:view"><xsl:call-template name="density-form"/></xsl:for-each>
</xsl:template>

<xsl:template name="view-hidden">
	<xsl:call-template name="token"/>
	<xsl:call-template name="next"/>
</xsl:template>

<xsl:template name="columns-form">
	<form id="columns" popover="auto" class="pop at-end" method="post" action="{$base}account/view" aria-label="Columns">
		<xsl:call-template name="view-hidden"/>
		<xsl:if test="/t:page/@kind != 'customers'"><input type="hidden" name="list" value="{/t:page/@kind}"/></xsl:if>
		<fieldset>
			<legend>Columns to show</legend>
			<xsl:for-each select="t:column">
				<xsl:choose>
					<xsl:when test="@fixed"><input type="hidden" name="columns" value="{@name}"/></xsl:when>
					<xsl:otherwise>
						<xsl:call-template name="box">
							<xsl:with-param name="name">columns</xsl:with-param>
							<xsl:with-param name="value" select="@name"/>
							<xsl:with-param name="label" select="@title"/>
							<xsl:with-param name="chosen" select="@shown"/>
						</xsl:call-template>
					</xsl:otherwise>
				</xsl:choose>
			</xsl:for-each>
		</fieldset>
		<p class="foot"><button class="primary">Apply</button></p>
	</form>
</xsl:template>

<xsl:template name="density-form">
	<form id="density" popover="auto" class="pop at-end" method="post" action="{$base}account/view" aria-label="Density">
		<xsl:call-template name="view-hidden"/>
		<fieldset>
			<legend>Line spacing</legend>
			<label><input type="radio" name="density" value="compact"><xsl:if test="@density = 'compact'"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>Compact</label>
			<label><input type="radio" name="density" value="standard"><xsl:if test="@density = 'standard'"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>Standard</label>
			<label><input type="radio" name="density" value="comfortable"><xsl:if test="@density = 'comfortable'"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>Comfortable</label>
		</fieldset>
		<label class="field">
			<span>Rows a page</span>
			<select name="limit">
				<option value="25"><xsl:if test="@limit = 25"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>25</option>
				<option value="50"><xsl:if test="@limit = 50"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>50</option>
				<option value="100"><xsl:if test="@limit = 100"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>100</option>
				<option value="200"><xsl:if test="@limit = 200"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>200</option>
			</select>
		</label>
		<p class="foot"><button class="primary">Apply</button></p>
	</form>
</xsl:template>

<!-- The foot of a list: page size and paging. -->
<xsl:template name="view-foot">
	<div class="pager">
		<span><xsl:if test="t:view"><button type="button" class="quiet" popovertarget="density"><xsl:value-of select="t:view/@limit"/> rows a page</button></xsl:if></span>
		<span><xsl:call-template name="pager"/></span>
	</div>
</xsl:template>
</xsl:stylesheet>
