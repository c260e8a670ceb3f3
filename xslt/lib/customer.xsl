<?xml version="1.0" encoding="UTF-8"?>
<!-- The head of the pages of one tenant: name, tier, marks, tabs; and the head of the pages that open from a cell. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<!-- The context is the customer. -->
<xsl:template name="customer-head">
	<div class="head">
		<h1><bdi><xsl:value-of select="@name"/></bdi></h1>
		<span class="tier"><xsl:call-template name="tier-word"/></span>
		<xsl:if test="@suspended"><span class="tag bad">Suspended</span></xsl:if>
	</div>
	<nav class="tabs" aria-label="Details">
		<a href="{$base}customers/{@id}"><xsl:if test="@tab = 'profile'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Profile</a>
		<a href="{$base}customers/{@id}/users"><xsl:if test="@tab = 'users'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Users and roles</a>
		<a href="{$base}customers/{@id}/contracts"><xsl:if test="@tab = 'contracts'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Contracts</a>
		<a href="{$base}customers/{@id}/sources"><xsl:if test="@tab = 'sources'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Source data</a>
		<a href="{$base}customers/{@id}/activity"><xsl:if test="@tab = 'activity'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Activity</a>
	</nav>
</xsl:template>

<!-- Head of a page that is a pop-up on the Customers page; the heading becomes the name of the dialog. -->
<xsl:template name="popup-head">
	<p class="crumb"><a href="{$base}customers/{@id}"><bdi><xsl:value-of select="@name"/></bdi></a></p>
	<div class="head"><h1><xsl:apply-templates select="/t:page" mode="heading"/></h1></div>
</xsl:template>
</xsl:stylesheet>
